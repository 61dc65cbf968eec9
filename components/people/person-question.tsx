"use client";
import type { ReactNode } from "react";
import { answered } from "#components/ui/answered.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ActionResult } from "#lib/action.ts";
import { changePersonAction, endSessionsAction, removePersonAction, renewLinkAction } from "#lib/people/actions.ts";
import type { PersonView } from "#lib/people/queries.ts";
import { ChangeWords, changesOf } from "./change-words.tsx";
import type { May } from "./may-fields.tsx";

export type PersonCommand = "change" | "sessions" | "link" | "remove";

type PersonQuestionProps = {
  /** Null: nothing is asked. */
  asking: PersonCommand | null;
  person: PersonView;
  may: May;
  isOwn: boolean;
  onAnswered: () => void;
  onLink: (link: string) => void;
  onRemoved: () => void;
};

/** Says what a command to somebody's account will do, and does it when it is confirmed. */
export function PersonQuestion({ asking, onAnswered, ...rest }: PersonQuestionProps) {
  const command = useCommand(asking ?? "change", rest);
  return (
    <ConfirmDialog
      open={asking !== null}
      onOpenChange={(open) => open || onAnswered()}
      title={command.title}
      confirmLabel={command.label}
      danger={command.danger}
      onConfirm={command.run}
    >
      {command.effect}
    </ConfirmDialog>
  );
}

type Command = { title: string; label: string; danger: boolean; effect: ReactNode; run: () => Promise<void> };
type Subject = Omit<PersonQuestionProps, "asking" | "onAnswered">;

function useCommand(command: PersonCommand, { person, may, isOwn, onLink, onRemoved }: Subject): Command {
  const toast = useToast();
  const { id: userId, name } = person;
  async function act<Value>(asked: Promise<ActionResult<Value>>, done: (value: Value) => void) {
    const answer = await answered(asked);
    if (answer.ok) done(answer.value);
    else toast("fault", answer.error.message);
  }
  const commands: Record<PersonCommand, Command> = {
    change: {
      title: `Change what ${name} may`,
      label: `Make ${name} ${may.role}`,
      danger: false,
      effect: <ChangeWords name={name} changes={changesOf(person, may)} isOwn={isOwn} />,
      run: () =>
        act(changePersonAction({ userId, role: may.role, permissions: [...may.permissions] }), () =>
          toast("done", `${name} is ${may.role} from now on.`),
        ),
    },
    sessions: {
      title: `End the sessions of ${name}`,
      label: "End all of them",
      danger: true,
      effect: `${isOwn ? "You are" : `${name} is`} signed out everywhere at once (${person.sessions.length}). Signing in again works as before.`,
      run: () => act(endSessionsAction({ userId }), () => toast("done", `${name} is signed out everywhere.`)),
    },
    link: {
      title: `New link for ${name}`,
      label: "Make the link",
      danger: false,
      effect: `With it ${name} chooses a password, once and within 24 hours; then the sessions of ${name} end. A link made before ends now; a password that there is stays good until another is chosen.`,
      run: () => act(renewLinkAction({ userId }), ({ link }) => onLink(link)),
    },
    remove: {
      title: `Remove ${name}`,
      label: `Remove ${name}`,
      danger: true,
      effect: `${name} cannot sign in any more, and every session ends at once.${tokenWords(person)} What ${name} did stays in the audit log. This cannot be undone.`,
      run: () =>
        act(removePersonAction({ userId }), () => {
          toast("done", `${name} was removed.`);
          onRemoved();
        }),
    },
  };
  return commands[command];
}

function tokenWords({ name, tokens }: PersonView): string {
  return tokens.length === 0 ? "" : ` API tokens that ${name} made are revoked: ${tokens.join(", ")}.`;
}
