"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Drawer } from "#components/ui/dialog.tsx";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import type { PersonView } from "#lib/people/queries.ts";
import { changesOf } from "./change-words.tsx";
import { type May, MayFields } from "./may-fields.tsx";
import { OnceLink } from "./once-link.tsx";
import { type PersonCommand, PersonQuestion } from "./person-question.tsx";
import { SessionList } from "./session-list.tsx";

const closeHref = "/people";

/** What somebody may and where they are signed in, with everything that can be done about it. */
export function OpenPerson({ person, isOwn }: { person: PersonView | null; isOwn: boolean }) {
  if (person === null) return <GoneDialog what="This person" closeHref={closeHref} back="Show the people" />;
  return <PersonDrawer person={person} isOwn={isOwn} />;
}

function PersonDrawer({ person, isOwn }: { person: PersonView; isOwn: boolean }) {
  const { name } = person;
  const router = useRouter();
  const [may, setMay] = useState<May>(person);
  const [asking, setAsking] = useState<PersonCommand | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const close = () => router.push(closeHref, { scroll: false });
  if (link !== null) return <OnceLink name={name} link={link} onClose={() => setLink(null)} />;
  return (
    <Drawer open onOpenChange={(open) => open || close()} title={name} description={person.email}>
      <PermissionGate permission="manage-people">
        <div className="flex flex-col gap-4">
          <form
            className="flex flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              setAsking("change");
            }}
          >
            <MayFields may={may} onChange={setMay} />
            <Button type="submit" variant="primary" className="self-start" disabled={!changesOf(person, may).any}>
              Change what {name} may…
            </Button>
          </form>
          <SessionList sessions={person.sessions} />
          <div className="flex flex-wrap gap-2">
            <Button disabled={person.sessions.length === 0} onClick={() => setAsking("sessions")}>
              End all sessions…
            </Button>
            <Button onClick={() => setAsking("link")}>New link for a password…</Button>
            <Button variant="danger" disabled={isOwn} onClick={() => setAsking("remove")}>
              Remove {name}…
            </Button>
          </div>
          {isOwn && <p className="text-muted">Your own account is removed by another administrator.</p>}
        </div>
      </PermissionGate>
      <PersonQuestion
        asking={asking}
        person={person}
        may={may}
        isOwn={isOwn}
        onAnswered={() => setAsking(null)}
        onLink={setLink}
        onRemoved={close}
      />
    </Drawer>
  );
}
