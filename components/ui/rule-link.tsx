import { TextLink } from "./text-link.tsx";

/** The name of a rule, which leads to its editor. */
export function RuleLink({ id, name }: { id: string; name: string | null }) {
  return (
    <TextLink href={`/policies?edit=${encodeURIComponent(id)}`} prefetch={false}>
      {name}
    </TextLink>
  );
}
