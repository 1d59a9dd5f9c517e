// A form that was refused, shown again: what is wrong with it, and everything that was typed. Pure; called by the pages with forms.

import type { Child } from "hono/jsx";

import { Problems } from "./fields.tsx";
import type { Filled } from "./form.ts";
import type { Shown } from "./ops-page.ts";
import type { Words } from "./words.ts";

/** `heading`: what the form does; `form`: made of what was filled in. */
export function refused(
  words: Words,
  heading: string,
  { status, filled }: { readonly status: Shown["status"]; readonly filled: Filled },
  form: Child,
): Shown {
  const body = (
    <>
      <Problems words={words} filled={filled} />
      <h1>{heading}</h1>
      {form}
    </>
  );
  return { status, title: `${words.errorTitle}${words.colon}${heading}`, body };
}
