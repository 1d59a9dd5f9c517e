// Prints what people wrote in Markdown, from the blocks of `workers/incidents/markdown.ts`. Every text goes through the renderer's
// escaping; there is no way to markup of the writer's own. Pure.
/* @jsxImportSource ../jsx */

import type { Block } from "../../workers/incidents/markdown.ts";
import type { Inline } from "../../workers/incidents/markdown-inline.ts";

/** `below`: the level of the heading that the text stands under, so that an h2 has h3 in its text. */
export function Markdown({ blocks, below }: { readonly blocks: readonly Block[]; readonly below: 1 | 2 | 3 }) {
  return (
    <>
      {blocks.map((block) => (
        <One block={block} below={below} />
      ))}
    </>
  );
}

function One({ block, below }: { readonly block: Block; readonly below: 1 | 2 | 3 }) {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <Inlines of={block.of} />
        </p>
      );
    case "heading": {
      const Heading = HEADINGS[below + block.level] ?? "h6";
      return (
        <Heading>
          <Inlines of={block.of} />
        </Heading>
      );
    }
    case "code":
      // It scrolls in its own box, which takes the focus, so that it can be scrolled without a pointer.
      return (
        <pre tabindex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return (
        <blockquote>
          <Markdown blocks={block.of} below={below} />
        </blockquote>
      );
    case "list": {
      const items = block.items.map((item) => (
        <li>
          <Markdown blocks={item} below={below} />
        </li>
      ));
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

const HEADINGS: Readonly<Record<number, "h2" | "h3" | "h4" | "h5" | "h6">> = { 2: "h2", 3: "h3", 4: "h4", 5: "h5" };

function Inlines({ of }: { readonly of: readonly Inline[] }) {
  return (
    <>
      {of.map((each) => {
        switch (each.kind) {
          case "text":
            return <>{each.text}</>;
          case "code":
            return <code>{each.text}</code>;
          case "break":
            return <br />;
          case "strong":
            return (
              <strong>
                <Inlines of={each.of} />
              </strong>
            );
          case "emphasis":
            return (
              <em>
                <Inlines of={each.of} />
              </em>
            );
          case "link":
            return (
              <a href={each.href} rel="nofollow noopener noreferrer">
                <Inlines of={each.of} />
              </a>
            );
        }
      })}
    </>
  );
}
