"use client";
import { ShownOnce } from "#components/ui/shown-once.tsx";

type MadeTokenProps = { name: string; token: string; onClose: () => void };

/** A token that was just made: after this nobody can see it again. */
export function MadeToken({ name, token, onClose }: MadeTokenProps) {
  return (
    <ShownOnce
      title={`Token “${name}”`}
      warning="It is shown this once. Who has it can do what it may, so keep it as a password."
      label="Token"
      hint="For POSTERN_TOKEN, or the header Authorization: Bearer."
      secret={token}
      onClose={onClose}
    />
  );
}
