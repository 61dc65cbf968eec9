import { userKey } from "#core/contract/credential.ts";
import type { Route } from "#core/contract/policy-document.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { credentialsOf } from "#lib/credentials/credential-usage.ts";
import { credentialChoices } from "#lib/credentials/queries.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { policyColumns, routeColumns } from "#lib/revisions/draft-columns.ts";
import { policyFromRow, policyReferences, readDraft, routeFromRow } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { missingReference } from "#lib/revisions/missing-reference.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import type { AddRoute, DeleteRoute, EditRoute } from "./route-input.ts";
import { otherRoutes, reportUsers, routeUsers, withRenamedRoute } from "./route-usage.ts";
import { routeWords } from "./route-words.ts";

/** Adds a route to the draft and returns its id. Fails with REF_MISSING when it names a credential that neither the console nor a worker has. */
export async function addRoute(tx: Transaction, actor: Actor, route: AddRoute): Promise<string> {
  await lockDraft(tx);
  await refuseTakenName(tx, route.name);
  await refuseUnknownCredential(tx, route);
  const last = await tx.route.aggregate({ _max: { rank: true } });
  const { id } = await tx.route.create({ data: { ...routeColumns(route), rank: (last._max.rank ?? -1) + 1 } });
  await record(tx, actor, "route.add", route.name, routeWords(route), { id, after: route });
  return id;
}

/** Replaces a route; the policies that use it follow a new name. Fails with EDIT_CONFLICT for another version. */
export async function editRoute(tx: Transaction, actor: Actor, { routeId, version, route }: EditRoute): Promise<void> {
  await lockDraft(tx);
  const before = await routeAt(tx, routeId, version);
  await refuseUnknownCredential(tx, route);
  const renamed = route.name !== before.name;
  if (renamed) await refuseTakenName(tx, route.name);
  await tx.route.update({ where: { id: routeId }, data: { ...routeColumns(route), version: { increment: 1 } } });
  if (renamed) {
    await followName(tx, before.name, route.name);
    await followInReports(tx, before.name, route.name);
  }
  const summary = `${routeWords(route)}${renamed ? `; was "${before.name}"` : ""}`;
  await record(tx, actor, "route.edit", route.name, summary, { id: routeId, before, after: route });
}

/** Takes a route out of the draft. Fails with IN_USE while a policy sends mail, or a route its reports, over it. */
export async function deleteRoute(tx: Transaction, actor: Actor, { routeId, version }: DeleteRoute): Promise<void> {
  await lockDraft(tx);
  const before = await routeAt(tx, routeId, version);
  const document = await readDraft(tx);
  const users = [
    ...(routeUsers(document).get(before.name) ?? []).map((policy) => `policy "${policy}"`),
    ...(reportUsers(document).get(before.name) ?? []).map((route) => `route "${route}"`),
  ];
  if (users.length > 0) throw stillUsed("route", before.name, "deleted", users);
  await tx.route.delete({ where: { id: routeId } });
  await record(tx, actor, "route.delete", before.name, routeWords(before), { id: routeId, before });
}

async function routeAt(tx: Transaction, id: string, version: number): Promise<Route> {
  const row = await tx.route.findUnique({ where: { id } });
  if (row === null) throw await editConflict(tx, "Route", id, true);
  const value = routeFromRow(row);
  if (row.version !== version) throw await editConflict(tx, "Route", id, false, { version: row.version, value });
  return value;
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.route.findUnique({ where: { name } })) !== null) throw takenName("route", name);
}

/** A bridge asks its clients for the credential's own password for them, and knows them apart by its user. */
async function refuseUnknownCredential(tx: Transaction, route: Route): Promise<void> {
  const named = credentialsOf(route);
  if (named.length === 0) return;
  const known = new Map((await credentialChoices(tx)).map((choice) => [choice.name, choice]));
  const users = new Set<string>();
  for (const name of named) {
    const choice = known.get(name);
    if (choice === undefined) throw await missingReference(tx, { what: "credential", name });
    if (route.protocol === "smtp" || choice.user === null) continue;
    if (!choice.hasClientPassword)
      throw new PublicError(
        "INPUT_INVALID",
        `Not saved: the credential "${name}" has no password for mail programs, which the bridge asks its clients for. Give it one first.`,
      );
    if (users.has(userKey(choice.user)))
      throw new PublicError(
        "INPUT_INVALID",
        `Not saved: the bridge has two credentials of the user "${choice.user}" and could not tell them apart. Choose one.`,
      );
    users.add(userKey(choice.user));
  }
}

/** Policies refer to their first route by its row, to others by name. */
async function followName(tx: Transaction, before: string, after: string): Promise<void> {
  for (const row of await tx.policy.findMany({ include: policyReferences })) {
    const policy = policyFromRow(row);
    if (!otherRoutes(policy.to).includes(before)) continue;
    const renamed = policyColumns({ ...policy, to: withRenamedRoute(policy.to, before, after) });
    const { routes, userRoutes, serverChoice } = renamed;
    const data = { routes, userRoutes, serverChoice, version: { increment: 1 } };
    await tx.policy.update({ where: { id: row.id }, data });
  }
}

/** Routes refer by name to the one that brings their reports. */
async function followInReports(tx: Transaction, before: string, after: string): Promise<void> {
  for (const row of await tx.route.findMany({ where: { protocol: "smtp" } })) {
    const route = routeFromRow(row);
    if (route.protocol !== "smtp" || route.senderNotices?.route !== before) continue;
    const data = routeColumns({ ...route, senderNotices: { ...route.senderNotices, route: after } });
    await tx.route.update({ where: { id: row.id }, data: { ...data, version: { increment: 1 } } });
  }
}

type Detail = { id: string; before?: unknown; after?: unknown };

async function record(
  tx: Transaction,
  actor: Actor,
  action: string,
  name: string,
  summary: string,
  detail: Detail,
): Promise<void> {
  await checkDraft(tx);
  await appendAudit(tx, actor, { action, object: `route "${name}"`, summary, detail });
}
