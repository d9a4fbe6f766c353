// node ask.js <root> hooks|plain: answers the cases that stdin has as JSON.
'use strict';
const { createRequire, registerHooks } = require('node:module');
const vm = require('node:vm');
const { fileURLToPath } = require('node:url');
const [, , root, mode] = process.argv;
const cases = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const known = ['path', 'requestPath', 'requireStack', 'url'];
const hide = (text) => typeof text === 'string' ? text.replaceAll(root, '$ROOT') : text;

// What is imported is resolved, but never evaluated. With hooks Node leaves out some
// hints of its messages: what fails with them is asked in a process without.
let seen;
function load(url, context) {
  seen = { url, format: context.format };
  throw new Error('enough');
}

function imported(filename, specifier) {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const run = vm.compileFunction('return import(s)', ['s'], { filename, importModuleDynamically });
  return run(specifier);
}

function describe(error) {
  const more = {};
  for (const name of known) {
    if (error[name] !== undefined) more[name] = [].concat(error[name]).map(hide);
    if (more[name] && !Array.isArray(error[name])) more[name] = more[name][0];
  }
  return { code: error.code, name: error.name, message: hide(error.message), more };
}

function required(filename, specifier) {
  try {
    return { path: hide(createRequire(filename).resolve(specifier)) };
  } catch (error) {
    return describe(error);
  }
}

function found() {
  if (!seen.url.startsWith('file:')) return { path: seen.url };
  const url = new URL(seen.url);
  return { path: hide(fileURLToPath(url)), suffix: url.search + url.hash, format: seen.format };
}

(async () => {
  const answers = [];
  if (mode === 'hooks') registerHooks({ load });
  for (const [kind, parent, specifier] of cases) {
    const filename = `${root}/${parent}`;
    let answer = null;
    seen = undefined;
    if (kind === 'require') answer = required(filename, specifier);
    else await imported(filename, specifier).catch((error) => { answer = describe(error); });
    answers.push(seen ? found() : answer);
  }
  console.log(JSON.stringify(answers));
})();
