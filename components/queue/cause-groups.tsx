"use client";
import { Pause, PauseOctagon, RotateCw } from "lucide-react";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { startQueueJob } from "#lib/queue/actions.ts";
import type { QueueFilter } from "#lib/queue/search.ts";
import type { CauseGroup } from "#lib/queue/summary.ts";
import { causeWords, destinationName } from "./cause-words.ts";
import { countMessages } from "./queue-results.tsx";
import { useDestinationCommand } from "./use-destination-command.ts";

/** What a group says nothing about. */
const anything = { text: null, state: null, age: null } satisfies Partial<QueueFilter>;

type CauseGroupsProps = {
  groups: readonly CauseGroup[];
  /** Of the interface that they are of; null: all of them. */
  address: string | null;
};

/** Why mail waits, in words, with what can be done about all of it at once. */
export function CauseGroups({ groups, address }: CauseGroupsProps) {
  return (
    <ul aria-label="Why mail waits" className="flex flex-col gap-1">
      {groups.map((group) => (
        <Group key={`${group.route} ${group.destination} ${group.cause}`} group={group} address={address} />
      ))}
    </ul>
  );
}

function Group({ group, address }: { group: CauseGroup; address: string | null }) {
  const { route, destination, cause, count, held, oldestAt } = group;
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  const place = useDestinationCommand();
  const name = destinationName(group);
  const asked = { route, destination, cause, interface: address };

  async function begin(command: "retry-now" | "hold") {
    const answer = await answered(startQueueJob({ command, filter: { ...anything, ...asked } }));
    if (answer.ok) toast("done", "The job has begun; this page shows how far it is.");
    else toast("fault", answer.error.message);
  }

  const about = `${countMessages(count)}: ${name} ${causeWords[cause]}`;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-line bg-surface px-3 py-1.5">
      <span className="min-w-0 flex-1 basis-64">
        <ForeignText text={name} /> {causeWords[cause]}:{" "}
        <TextLink href={searchHref("/queue", asked)} prefetch={false}>
          {countMessages(count)}
        </TextLink>
        {held > 0 && ` (${held} held)`}, oldest <Time at={oldestAt.toISOString()} form="age" />
      </span>
      <span className="flex flex-wrap gap-1" role="group" aria-label={about}>
        <Button size="small" disabled={busy} onClick={() => startTransition(() => begin("retry-now"))}>
          <RotateCw aria-hidden size={14} />
          Retry now
        </Button>
        {cause !== "suspended" && (
          <Button size="small" disabled={place.busy} onClick={() => place.run("suspend", { route, destination })}>
            <PauseOctagon aria-hidden size={14} />
            Suspend
          </Button>
        )}
        <Button size="small" disabled={busy} onClick={() => startTransition(() => begin("hold"))}>
          <Pause aria-hidden size={14} />
          Hold
        </Button>
      </span>
    </li>
  );
}
