// The words for what is wrong with a text.
const texts = [
  "var a = ;", "if (", "foo bar", "1 2", "'a' 'b'", "f(a b)", "f(1 2)", "var x = 'abc", 
  "let a; let a", "const a", "return", "break", "continue", "x: x: 1", "break x", "a b c", "var 1a",
  "}", ")", "]", "{", "async", "var async f", "async () => { await }", "await x", "import a from 'a'",
  "export const a = 1", "new.target", "super.a", "super()", "class A { constructor() {} constructor() {} }",
  "class A { x = arguments }", "this.#a", "class A { m() { delete this.#a } #a }", "function () {}",
  "function f(...a, b) {}", "function f(...a = 1) {}", "var [...a, b] = c", "1 = 2", "a++ = 1", "for (1 of a) ;",
  "'use strict'; with (a) {}", "'use strict'; eval = 1", "'use strict'; var public", "'use strict'; 010",
  "'use strict'; delete a", "'use strict'; function f(a, a) {}", "(a, a) => 1", "({ get a(b) {} })", "({ set a() {} })",
  "({ a: 1, b = 2 })", "switch (1) { default: default: }", "try {}", "throw\n1", "while (1) function f() {}", "a => { } ()",
  "enum", "var let = 1; let let", "yield 1", "function* g() { var yield }", "\\u{", "'\\u{110000}'", "/a", "@", "#a", "?.a", "a?.b = 1",
];
for (const text of texts) {
  let told = "fine";
  try {
    (0, eval)("(function () { return 0; });\n" + text);
  } catch (error) {
    told = `${error.name}: ${error.message}`;
  }
  console.log(JSON.stringify(text), told);
}
