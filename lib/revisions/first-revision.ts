import { type Actor, systemActor } from "#lib/actor.ts";
import { transaction } from "#lib/db.ts";
import { importDocument, publish } from "./mutations.ts";
import { liveRevision } from "./revision-row.ts";

/**
 * For the very first start: makes a YAML document the draft and publishes it as revision 1. Returns the number, or null when something was
 * published before, and then changes nothing. Workers get it when they report that they have none.
 */
export function importAndPublish(
  yaml: string,
  options: { actor?: Actor; comment?: string } = {},
): Promise<number | null> {
  const { actor = systemActor, comment = "The policy that Postern starts with" } = options;
  return transaction(async (tx) => {
    if ((await liveRevision(tx)) !== null) return null;
    await importDocument(tx, actor, { yaml });
    return (await publish(tx, actor, { comment })).number;
  });
}
