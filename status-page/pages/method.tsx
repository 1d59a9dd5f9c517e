// The page about the method: contents, then section by section what its words say. Pure. Called by method-routes.tsx.

import { Notice } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { Block, MethodSection, MethodWords } from "../words/method-words.ts";

export interface SectionView {
  readonly id: MethodSection;
  readonly title: string;
  readonly blocks: readonly Block[];
}

interface MethodProps extends Frame {
  readonly said: MethodWords;
  readonly sections: readonly SectionView[];
  readonly notices: readonly string[];
}

/** A sentence with what stands between backticks as code. */
function Coded({ text }: { readonly text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part))}</>;
}

function Piece({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case "text":
      return (
        <p>
          <Coded text={block.text} />
        </p>
      );
    case "formula":
      return <p class="formula">{block.text}</p>;
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li>{item}</li>
          ))}
        </ul>
      );
    case "terms":
      return (
        <dl>
          {block.rows.map(([term, meaning]) => (
            <div>
              <dt>{term}</dt>
              <dd>
                <Coded text={meaning} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case "table":
      return <Table block={block} />;
    case "links":
      return (
        <ul>
          {block.links.map(([href, said]) => (
            <li>
              <a href={href}>{said}</a>
            </li>
          ))}
        </ul>
      );
  }
}

function Table({ block }: { readonly block: Extract<Block, { readonly kind: "table" }> }) {
  return (
    <div class="wide" tabindex={0} role="region" aria-label={block.title}>
      <table>
        <caption>{block.title}</caption>
        <thead>
          <tr>
            {block.heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map(([first, ...rest]) => (
            <tr>
              <th scope="row">{first}</th>
              {rest.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The whole page. */
export function MethodPage({ said, sections, notices, ...frame }: MethodProps) {
  return (
    <Layout
      {...frame}
      title={frame.words.title(said.title, frame.name)}
      description={said.lead}
      state="unmeasured"
      more="desk"
    >
      {notices.map((notice) => (
        <Notice text={notice} />
      ))}
      <div class="desk">
        <h1>{said.title}</h1>
        <p>{said.lead}</p>
        <nav class="toc" aria-label={said.contents}>
          <ol>
            {sections.map(({ id, title }) => (
              <li>
                <a href={`#${id}`}>{title}</a>
              </li>
            ))}
          </ol>
        </nav>
        {sections.map(({ id, title, blocks }) => (
          <section>
            <h2 id={id}>{title}</h2>
            {blocks.map((block) => (
              <Piece block={block} />
            ))}
          </section>
        ))}
      </div>
    </Layout>
  );
}
