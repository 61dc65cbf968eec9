import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { SessionView } from "#lib/people/queries.ts";

/** Where somebody is signed in; each leads to what was done there. */
export function SessionList({ sessions }: { sessions: readonly SessionView[] }) {
  return (
    <section>
      <h3 className="font-semibold">Sessions</h3>
      {sessions.length === 0 ? (
        <p className="text-muted">None: nobody is signed in with this account.</p>
      ) : (
        <ul className="mt-1 flex flex-col gap-2">
          {sessions.map(({ id, address, startedAt, usedAt }) => (
            <li key={id}>
              <TextLink href={`/audit?via=${encodeURIComponent(id)}`} prefetch={false}>
                {id}
              </TextLink>
              {address !== null && ` from ${address}`}
              <span className="block text-muted text-sm">
                since <Time at={startedAt} />, used <Time at={usedAt} form="relative" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
