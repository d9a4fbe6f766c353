import def, {a, inc, b as bb} from './lib.mjs'; import * as ns from './lib.mjs'; import fs, {readFileSync} from 'fs'; import cjs, {x, y} from './c.cjs'; import data from './d.json' with {type:'json'};
console.log(def, a, bb, ns, typeof readFileSync, fs.readFileSync===readFileSync, cjs, x, y, data);
inc(); console.log(a, ns.a); console.log(import.meta.url.slice(-9), import.meta.filename.endsWith('main.mjs'), import.meta.dirname.endsWith('esm'));
const v = await Promise.resolve(5); console.log(v); const m=await import('./lib.mjs'); console.log(m===ns); 
try{ await import('./nope.mjs') }catch(e){console.log(e.code)}
export {v}; console.log(this);
