// What compilers call instead of jsx-runtime.ts while one develops and tests: the same under another name. Pure.

export { Fragment, jsx as jsxDEV } from "./jsx-runtime.ts";
export type { JSX } from "./jsx-runtime.ts";
