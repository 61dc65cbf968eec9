"use client";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { LineDiff } from "#components/ui/line-diff.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { RuleLooks } from "#components/ui/rule-looks.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { Simulated } from "#core/contract/simulation.ts";
import { faredOf } from "#core/policy/judge-test.ts";
import type { Fared, Tried, TriedSession } from "#lib/simulator/try-message.ts";
import { FactsResult } from "./facts-result.tsx";

/** What would become of the message, and why. */
export function TriedResult({ tried }: { tried: Tried }) {
  return tried.by === "facts" ? <FactsResult tried={tried} /> : <SessionResult tried={tried} />;
}

function SessionResult({ tried }: { tried: TriedSession }) {
  const { events, conversation, copies, rules, rulesOmitted, notAsked } = tried;
  return (
    <>
      <Panel title="What would become of it">
        <div className="flex flex-col gap-3">
          <Outcome tried={tried} />
          <UnderLive tried={tried} />
          {tried.server !== null && (
            <p className="text-muted [overflow-wrap:anywhere]">
              The login goes to {tried.server.target}, by the route {tried.server.route}.
            </p>
          )}
        </div>
      </Panel>
      <Panel title="What is said">
        <ol className="flex flex-col gap-1 font-mono text-sm">
          {conversation.map(({ said, reply }, index) => (
            <li key={index} className="[overflow-wrap:anywhere]">
              <span className="text-muted">C: </span>
              <ForeignText text={said} empty="" />
              <span className="block ps-3">
                <span className="text-muted">S: </span>
                {reply === null ? (
                  <em className="text-muted">closes without a word</em>
                ) : (
                  <ForeignText text={reply} empty="" />
                )}
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      {rules.length > 0 && (
        <Panel title={`Every rule (${rules.length + rulesOmitted})`}>
          <RuleLooks looks={rules} decidedBy={events.flatMap(({ decision }) => decision?.ruleId ?? [])} />
          {rulesOmitted > 0 && <p className="mt-2 text-muted">{rulesOmitted} more are not shown.</p>}
        </Panel>
      )}
      {copies.length > 0 && (
        <Panel title={tried.protocol === "pop3" ? "What the client gets" : "What goes on"}>
          <Copies copies={copies} protocol={tried.protocol} />
        </Panel>
      )}
      <Panel title="Not asked">
        <ul className="list-disc ps-4 text-muted">
          {notAsked.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

/** What becomes of it, of each treatment. */
export function Outcome({ tried: { protocol, events, policy, conversation } }: { tried: TriedSession }) {
  const reply = conversation.at(-1)?.reply ?? null;
  if (policy === null)
    return (
      <p>
        No {protocol === "pop3" ? "POP3" : "SMTP"} policy of this interface takes the connection: the client hears{" "}
        {reply ?? "nothing"}.
      </p>
    );
  const refusal = events.length === 0 ? refusalOf(conversation) : null;
  if (refusal !== null) return <p>It is refused without any rule: {refusal}.</p>;
  if (events.length === 0)
    return <p>Policy “{policy}” takes it so far; no message was given, so nothing more is judged.</p>;
  return (
    <ul className="flex flex-col gap-4">
      {events.map((event) => (
        <li key={event.id} className="flex flex-col gap-2">
          {events.length > 1 && event.kind === "message" && (
            <p className="font-medium">For {event.recipients.map(({ address }) => address).join(", ")}</p>
          )}
          <OneOutcome event={event} policy={policy} />
        </li>
      ))}
    </ul>
  );
}

/** What would be another verdict than under what is live, once what was tried is published. */
export function UnderLive({ tried }: { tried: TriedSession }) {
  const { live } = tried;
  if (live === null) return null;
  const [before, after] = [live.fared, faredOf(tried)];
  const verdicts = (fared: typeof after) => fared.map(({ verdict }) => verdict).join();
  const rules = before.flatMap(({ rule }) => (rule === null ? [] : `“${rule}”`)).join(", ");
  if (verdicts(before) === verdicts(after)) {
    const isSame = before.every(({ rule }, index) => rule === after[index]?.rule);
    return (
      <p className="text-muted">
        Would not change vs live: it is the same verdict under r{live.number}
        {isSame ? "" : `, there ${rules === "" ? "without a rule" : `by ${rules}`}`}.
      </p>
    );
  }
  return (
    <p className="flex flex-wrap items-center gap-2">
      Would change vs live: <Verdicts fared={before} /> <span aria-label="becomes">→</span> <Verdicts fared={after} />
      <span className="text-muted">
        (r{live.number} is live; there {rules === "" ? "no rule stops it" : `${rules} decides`})
      </span>
    </p>
  );
}

function Verdicts({ fared }: { fared: readonly Fared[] }) {
  return fared.map(({ verdict }, index) => <VerdictBadge key={index} verdict={verdict} />);
}

/** What a client heard to whom nothing else happened. A mailbox goes on after a refusal. */
function refusalOf(conversation: TriedSession["conversation"]): string | null {
  const denied = conversation.find(({ reply }) => reply === null || reply.startsWith("-ERR"));
  const { reply } = denied ?? conversation.at(-1) ?? { reply: null };
  return /^(?:[45]|-ERR)/.test(reply ?? "5") ? (reply ?? "no word") : null;
}

function OneOutcome({ event, policy }: { event: TriedEvent; policy: string }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        {event.decision !== null && <VerdictBadge verdict={event.decision.verdict} />}
        <span>{outcomeWords(event)}</span>
      </p>
      <p>
        <Decider event={event} /> Policy “{policy}”.
      </p>
      {event.cause !== null && <p>Because: {event.cause}.</p>}
      {event.decision !== null && event.decision.observed.length > 0 && (
        <p className="text-muted">
          Would have said otherwise, were they on:{" "}
          {event.decision.observed.map(({ ruleName, verdict }) => `“${ruleName}” (${verdict})`).join(", ")}.
        </p>
      )}
    </>
  );
}

type TriedEvent = Simulated["events"][number];

function Decider({ event: { decision } }: { event: TriedEvent }) {
  if (decision === null || decision.stage === null) return <>No rule decides.</>;
  if (decision.ruleId === null && decision.verdict === "allow") return <>No rule stops it.</>;
  if (decision.ruleId === null) return <>No rule matches; what then holds for {decision.stage} decides.</>;
  return (
    <>
      Decided by <RuleLink id={decision.ruleId} name={decision.ruleName} /> ({decision.stage}).
    </>
  );
}

function outcomeWords(event: TriedEvent): string {
  if (event.kind === "session") {
    if (event.protocol === "smtp") return "The session ends before any message.";
    return event.reply === null ? "The client hears nothing." : `The client hears ${event.reply}.`;
  }
  const words: Record<typeof event.outcome, string> = {
    relayed: "It goes on to its server.",
    spooled: "It goes into the queue.",
    quarantined: "It is accepted, and kept in quarantine.",
    discarded: "It is accepted, and thrown away.",
    refused: "It is refused.",
    "upstream-refused": "Its server would refuse it.",
    aborted: "It does not come to its end.",
    retrieved: "It is delivered.",
    replaced: "A notice is delivered in its place; the message stays in its mailbox.",
  };
  return words[event.outcome];
}

const unchanged = { smtp: ", as it came, with our Received line on top.", pop3: ", as the mailbox server gives it." };

function Copies({ copies, protocol }: Pick<TriedSession, "copies" | "protocol">) {
  return (
    <ul className="flex flex-col gap-3">
      {copies.map(({ recipients, route, number, change }, index) => (
        <li key={index} className="flex flex-col gap-2">
          <p className="[overflow-wrap:anywhere]">
            {protocol === "pop3"
              ? `${recipients.join(", ")} by the route ${route}, message ${number}`
              : `To ${recipients.join(", ")} by the route ${route}`}
            {change === null ? unchanged[protocol] : ", changed:"}
          </p>
          {change !== null && <LineDiff hunks={change.hunks} />}
          {change !== null && change.omitted > 0 && (
            <p className="text-muted">{change.omitted.toLocaleString("en")} more lines that differ are not shown.</p>
          )}
        </li>
      ))}
    </ul>
  );
}
