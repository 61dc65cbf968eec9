import type { Permission } from "#core/contract/permission.ts";
import type { Actor } from "#lib/actor.ts";
import { database } from "#lib/db.ts";
import { refuseFailingTests } from "#lib/policy-tests/gate.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { draftChanged, type PublishInput } from "#lib/revisions/mutations.ts";
import { applyAndPush, type Published, publishAndPush } from "#lib/revisions/push.ts";
import { draftWith } from "#lib/revisions/queries.ts";
import { documentDigest } from "#lib/revisions/sign.ts";

/** What a publisher says beside PublishInput: why it is published though tests fail, and what they may. */
type Publisher = { overrideReason?: string | null; permissions?: readonly Permission[] };

/** Runs the draft's policy tests and publishes it, as publishAndPush. Fails as refuseFailingTests does. */
export async function publishTested(
  actor: Actor,
  { overrideReason = null, permissions = [], ...input }: Omit<PublishInput, "tested"> & Publisher,
): Promise<Published> {
  const draft = await readDraft(database());
  // What is published is what was tested, and that is what was reviewed.
  const draftDigest = documentDigest(JSON.stringify(draft));
  if (input.draftDigest !== undefined && input.draftDigest !== draftDigest) throw draftChanged();
  const tested = await refuseFailingTests(draft, { overrideReason, permissions });
  return publishAndPush(actor, { ...input, draftDigest, tested });
}

/** Applies a YAML document, as applyAndPush; what the draft becomes by it is tested before it is published. */
export async function applyTested(
  actor: Actor,
  input: Parameters<typeof applyAndPush>[1],
): ReturnType<typeof applyAndPush> {
  if (input.publish !== null) {
    const document = await draftWith(input.yaml, input.only ?? []);
    await refuseFailingTests(document, { overrideReason: null, permissions: [] });
  }
  return applyAndPush(actor, input);
}
