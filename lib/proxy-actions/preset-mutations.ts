import { randomUUID } from "node:crypto";
import type { Stage } from "#core/contract/facts.ts";
import { cloneOfPreset, type Preset, type RequiredList } from "#core/policy/presets/preset.ts";
import { presets } from "#core/policy/presets/presets.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { addList } from "#lib/lists/mutations.ts";
import { ruleColumns } from "#lib/revisions/draft-columns.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import type { AddFromPreset } from "./profile-input.ts";
import { createProfile } from "./profile-mutations.ts";

/**
 * Adds an editable clone of a preset and the lists that its rules ask about and the draft does not have; returns its id. Fails with INPUT_INVALID when such
 * a list is not given, or is empty.
 */
export async function addFromPreset(tx: Transaction, actor: Actor, input: AddFromPreset): Promise<string> {
  await lockDraft(tx);
  const preset = presets.find(({ id }) => id === input.preset);
  if (preset === undefined)
    throw new PublicError("NOT_FOUND", "Not cloned: there is no such preset. Choose one of those that the page shows.");
  for (const list of await missingLists(tx, preset)) await addList(tx, actor, filled(list, input));
  const { rulesets, ...profile } = cloneOfPreset(preset, input.name, randomUUID);
  const placed = rulesetsOf({ ...profile, rulesets });
  const noneMatched = Object.fromEntries(placed.map(({ stage, ruleset }) => [stage, ruleset.noneMatched]));
  const id = await createProfile(tx, profile, noneMatched);
  const rows = placed.flatMap(({ stage, ruleset }) =>
    ruleset.rules.map((rule, rank) => ({
      ...ruleColumns(rule),
      proxyActionId: id,
      ruleset: stage satisfies Stage,
      rank,
    })),
  );
  await tx.rule.createMany({ data: rows });
  await checkDraft(tx);
  await appendAudit(tx, actor, {
    action: "proxy-action.add",
    object: `proxy action "${input.name}"`,
    summary: `Clone of the preset ${preset.title}, with ${rows.length === 1 ? "1 rule" : `${rows.length} rules`}`,
    detail: { id, preset: preset.id, after: profile },
  });
  return id;
}

async function missingLists(tx: Transaction, { requires }: Preset): Promise<RequiredList[]> {
  const names = requires.map(({ name }) => name);
  const rows = await tx.list.findMany({ where: { name: { in: names } }, select: { name: true } });
  const there = new Set(rows.map(({ name }) => name));
  return requires.filter(({ name }) => !there.has(name));
}

function filled({ name, kind }: RequiredList, { lists }: AddFromPreset) {
  const given = lists.find((list) => list.name === name);
  if (given === undefined || given.entries.length === 0)
    throw new PublicError(
      "INPUT_INVALID",
      `Not cloned: the rules ask about the list "${name}", which is not there yet. Write what is in it.`,
    );
  return { name, kind, entries: given.entries };
}
