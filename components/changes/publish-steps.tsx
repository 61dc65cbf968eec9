import { TextLink } from "#components/ui/text-link.tsx";

type PublishStepsProps = {
  /** What stands at each step now, in words. */
  changes: string;
  checks: string;
  impact: string;
  publish: string;
};

/** The four steps to a new revision at a glance, each leading to its part of the page. */
export function PublishSteps({ changes, checks, impact, publish }: PublishStepsProps) {
  const steps = [
    { href: "#changes", name: "Changes", words: changes },
    { href: "#checks", name: "Checks", words: checks },
    { href: "#impact", name: "Impact", words: impact },
    { href: "#publish", name: "Publish", words: publish },
  ];
  return (
    <ol aria-label="Steps" className="flex flex-col gap-1 border-line border-b pb-3">
      {steps.map(({ href, name, words }, index) => (
        <li key={href} className="flex gap-2 [overflow-wrap:anywhere]">
          <span className="w-20 shrink-0">
            {index + 1} <TextLink href={href}>{name}</TextLink>
          </span>
          <span>{words}</span>
        </li>
      ))}
    </ol>
  );
}
