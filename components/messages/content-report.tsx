import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { ContentReport } from "#core/contract/content-report.ts";
import { traits } from "#core/contract/traits.ts";
import { SenderAuthFacts } from "./sender-auth-facts.tsx";

/** What a look inside the message came to: what was held, what scanners and checks said, what was changed. */
export function ContentReportView({ content }: { content: ContentReport }) {
  const { senderAuth, scans, dictionaries, changes, quarantined } = content;
  return (
    <div className="mt-4 grid gap-4 xl:grid-cols-2">
      <Panel title="Inspection">
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          <dt className="text-muted">Held until the verdict</dt>
          <dd>
            {heldWords[content.held.what]}
            {content.held.why.length > 0 && <span className="text-muted">: {content.held.why.join("; ")}</span>}
          </dd>
          <dt className="text-muted">Steps</dt>
          <dd>{content.steps.map(({ step, ms }) => `${step} ${milliseconds(ms)}`).join(" → ") || "none"}</dd>
          <dt className="text-muted">Traits</dt>
          <dd>
            <TraitList names={content.traits} />
          </dd>
          <dt className="text-muted">Signatures</dt>
          <dd>{signatureWords(content.signatures)}</dd>
          <dt className="text-muted">In quarantine</dt>
          <dd className="flex flex-wrap gap-x-3">
            {quarantined.length === 0 && "nothing"}
            {quarantined.map((id) => (
              <TextLink key={id} href={`/quarantine?text=${encodeURIComponent(id)}`} prefetch={false}>
                {id}
              </TextLink>
            ))}
          </dd>
        </dl>
      </Panel>
      {senderAuth !== null && (
        <Panel title="Sender authentication">
          <SenderAuthFacts senderAuth={senderAuth} />
        </Panel>
      )}
      {scans.length > 0 && (
        <Panel title={`Scans (${scans.length})`}>
          <Scans scans={scans} />
        </Panel>
      )}
      {dictionaries.length > 0 && (
        <Panel title={`Dictionaries (${dictionaries.length})`}>
          <ul className="flex flex-col gap-2">
            {dictionaries.map(({ dictionary, score, place, samples }, index) => (
              <li key={index}>
                {dictionary}: score {score} in <ForeignText text={place} />
                <span className="block font-mono text-muted text-sm [overflow-wrap:anywhere]">
                  <ForeignText text={samples.join(" · ")} />
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {changes.length > 0 && (
        <Panel title={`Changes of the message (${changes.length})`}>
          <ol className="flex flex-col gap-1">
            {changes.map(({ what, ruleId, ruleName }, index) => (
              <li key={index} className="[overflow-wrap:anywhere]">
                <ForeignText text={what} />
                {ruleId !== null && (
                  <>
                    {" by "}
                    <RuleLink id={ruleId} name={ruleName} />
                  </>
                )}
              </li>
            ))}
          </ol>
        </Panel>
      )}
    </div>
  );
}

const heldWords: Readonly<Record<ContentReport["held"]["what"], string>> = {
  nothing: "nothing but the final dot",
  header: "the header",
  parts: "each part",
  all: "the whole message",
};

/** Traits with what they mean. */
export function TraitList({ names }: { names: readonly string[] }) {
  const help: Readonly<Record<string, string>> = traits;
  if (names.length === 0) return "none";
  return (
    <ul>
      {names.map((name) => (
        <li key={name}>
          {name} <span className="text-muted">{help[name]}</span>
        </li>
      ))}
    </ul>
  );
}

function Scans({ scans }: { scans: ContentReport["scans"] }) {
  return (
    <Table caption="What scanners said, in order">
      <thead>
        <tr>
          <Th>Scanner</Th>
          <Th>Of</Th>
          <Th>Result</Th>
          <Th>Took</Th>
        </tr>
      </thead>
      <tbody>
        {scans.map(({ scanner, part, result, detail, cached, ms }, index) => (
          <Row key={index}>
            <Td>{scanner}</Td>
            <Td label="Of">{part === null ? "the message" : `part ${part}`}</Td>
            <Td label="Result" wide>
              <span className={result === "clean" || result === "scored" ? "" : "font-medium text-deny"}>{result}</span>{" "}
              <span className="font-mono text-sm [overflow-wrap:anywhere]">
                <ForeignText text={detail} />
              </span>
            </Td>
            <Td label="Took">{cached ? "known" : milliseconds(ms)}</Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function signatureWords(signatures: ContentReport["signatures"]): string {
  if (signatures === null) return "none was broken";
  const handled = { left: "left so", "arc-sealed": "sealed (ARC)", signed: "signed again" }[signatures.handled];
  return `broken by our changes: ${signatures.broken.join(", ")}; ${handled}. ${signatures.detail}`;
}
