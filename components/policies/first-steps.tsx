import { CircleCheck, CircleDashed } from "lucide-react";
import type { ReactNode } from "react";
import { LinkButton } from "#components/ui/link-button.tsx";
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
      link: { href: "/interfaces?new=1", label: "Add interface" },
    },
    {
      done: routes > 0,
      title: "A route",
      words: "The mail server behind: where mail goes that is let through.",
      link: { href: "/routes?new=smtp", label: "Add SMTP route" },
    },
    {
      done: proxyActions > 0,
      title: "A proxy action",
      words: "What mail has to meet: limits, settings and rules. Clone a preset to begin with.",
      link: { href: "/proxy-actions", label: "Choose a preset" },
    },
    {
      done: false,
      title: "A policy",
      words: "Brings them together: where it listens, from which interface, over which route, with which proxy action.",
      link: { href: "/policies?add=smtp", label: "Add SMTP policy" },
    },
    {
      done: false,
      title: "Publish",
      words: "Nothing is felt before the draft is published.",
      link: { href: "/changes", label: "Review & publish" },
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
      <ol className="flex flex-col gap-3">
        {steps.map(({ done, title, words, link }, index) => (
          <Step key={title} done={done} title={`${index + 1}. ${title}`} words={words}>
            {index <= 2 || index === next ? (
              <LinkButton href={link.href} variant={index === next ? "primary" : "secondary"} size="small">
                {link.label}
              </LinkButton>
            ) : null}
          </Step>
        ))}
      </ol>
    </section>
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
