"use client";
import { ShownOnce } from "#components/ui/shown-once.tsx";

type OnceLinkProps = { name: string; link: string; onClose: () => void };

/** A link that was just made, for its person: after this nobody can see it again. */
export function OnceLink({ name, link, onClose }: OnceLinkProps) {
  return (
    <ShownOnce
      title={`Link for ${name}`}
      warning={`It is shown this once. Who has it chooses the password of ${name}: send it in a way that nobody else reads.`}
      label="Link"
      hint="It works once, for 24 hours."
      secret={link}
      onClose={onClose}
    />
  );
}
