export let a=1; export function inc(){a++}; export class b{}; export default 'dd'; export * from './star.mjs';
