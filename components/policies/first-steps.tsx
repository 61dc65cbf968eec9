import { CircleCheck, CircleDashed } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { PolicyParts } from "#lib/policies/queries.ts";

/** From an empty system to a first policy: what is done, what comes next, each step with its link. */
export function FirstSteps({ interfaces, routes, proxyActions }: PolicyParts) {
  const steps = [
    {
      done: interfaces >= 2,
      title: "Interfaces",
      words:
        "The sides of the firewall: at least External, where the internet is, and Trusted, where your servers are.",
      links: [{ href: "/interfaces?new=1", label: "Add interface" }],
    },
    {
      done: routes > 0,
      title: "A route",
      words:
        "The server behind. SMTP: where mail goes that is let through. POP3: where the mailboxes are that people fetch from.",
      links: [
        { href: "/routes?new=smtp", label: "Add SMTP route" },
        { href: "/routes?new=pop3", label: "Add POP3 route" },
      ],
    },
    {
      done: proxyActions > 0,
      title: "A proxy action",
      words: "What mail has to meet: limits, settings and rules. Clone a preset to begin with.",
      links: [{ href: "/proxy-actions", label: "Choose a preset" }],
    },
    {
      done: false,
      title: "A policy",
      words: "Brings them together: where it listens, from which interface, over which route, with which proxy action.",
      links: [
        { href: "/policies?add=smtp", label: "Add SMTP policy" },
        { href: "/policies?add=pop3", label: "Add POP3 policy" },
      ],
    },
    {
      done: false,
      title: "Publish",
      words: "Nothing is felt before the draft is published.",
      links: [{ href: "/changes", label: "Review & publish" }],
    },
  ];
  const next = steps.findIndex(({ done }) => !done);
  return (
    <section className="flex flex-col gap-3 rounded-md border border-control border-dashed p-6">
      <div>
        <h2 className="font-semibold">No policies yet</h2>
        <p className="max-w-prose text-muted">
          No port is open: nothing is accepted and nothing is refused. In this order it becomes a gateway; or{" "}
          <TextLink href="/policies/document">import a policy document</TextLink>.
        </p>
      </div>
      <Directions />
      <ol className="flex flex-col gap-3">
        {steps.map(({ done, title, words, links }, index) => (
          <Step key={title} done={done} title={`${index + 1}. ${title}`} words={words}>
            {(index <= 2 || index === next) && (
              <span className="flex flex-wrap gap-2">
                {links.map(({ href, label }, n) => (
                  <LinkButton
                    key={href}
                    href={href}
                    variant={index === next && n === 0 ? "primary" : "secondary"}
                    size="small"
                  >
                    {label}
                  </LinkButton>
                ))}
              </span>
            )}
          </Step>
        ))}
      </ol>
    </section>
  );
}

const directions = [
  {
    protocol: "SMTP",
    incoming: "Mail from the internet comes to the mail server inside.",
    outgoing: "Mail from inside goes to the internet.",
  },
  {
    protocol: "POP3",
    incoming: "People outside fetch their mail from the mail server inside.",
    outgoing: "People inside fetch their mail from a provider's server outside.",
  },
] as const;

/** What the two directions are, by protocol. */
function Directions() {
  return (
    <Table caption="What the directions are">
      <thead>
        <tr>
          <Th>Protocol</Th>
          <Th>Incoming: from External towards inside</Th>
          <Th>Outgoing: towards External</Th>
        </tr>
      </thead>
      <tbody>
        {directions.map(({ protocol, incoming, outgoing }) => (
          <Row key={protocol}>
            <Td wide className="font-medium">
              {protocol}
            </Td>
            <Td label="Incoming">{incoming}</Td>
            <Td label="Outgoing">{outgoing}</Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

type StepProps = { done: boolean; title: string; words: string; children: ReactNode };

function Step({ done, title, words, children }: StepProps) {
  const Icon = done ? CircleCheck : CircleDashed;
  return (
    <li className="flex gap-2">
      <Icon aria-hidden size={16} className={done ? "mt-px shrink-0 text-allow" : "mt-px shrink-0 text-muted"} />
      <div className="flex min-w-0 flex-col items-start gap-1">
        <p className="font-medium">
          {title}
          {done && <span className="font-normal text-muted"> (done)</span>}
        </p>
        <p className="max-w-prose text-muted">{words}</p>
        {children}
      </div>
    </li>
  );
}
