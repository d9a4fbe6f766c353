import {a} from "./lib.mjs"; export const s1=1; export function late(){return a}
