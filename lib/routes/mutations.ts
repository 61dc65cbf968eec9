import { policySchema, type Route } from "#core/contract/policy-document.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { credentialNames } from "#lib/credentials/queries.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft, routeFromRow } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { jsonArrayColumn } from "#lib/revisions/json-column.ts";
import { routeColumns } from "#lib/revisions/replace-draft.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import type { AddRoute, DeleteRoute, EditRoute } from "./route-input.ts";
import { routeUsers } from "./route-usage.ts";
import { routeWords } from "./route-words.ts";

/** Adds a route to the draft and returns its id. Fails with "invalid" when it names a credential that neither the console nor a worker has. */
export async function addRoute(tx: Transaction, actor: Actor, route: AddRoute): Promise<string> {
  await lockDraft(tx);
  await refuseTakenName(tx, route.name);
  await refuseUnknownCredential(tx, route);
  const last = await tx.route.aggregate({ _max: { rank: true } });
  const { id } = await tx.route.create({ data: { ...routeColumns(route), rank: (last._max.rank ?? -1) + 1 } });
  await record(tx, actor, "route.add", route.name, routeWords(route), { id, after: route });
  return id;
}

/** Replaces a route; the policies that use it follow a new name. Fails with "conflict" for another version. */
export async function editRoute(tx: Transaction, actor: Actor, { routeId, version, route }: EditRoute): Promise<void> {
  await lockDraft(tx);
  const before = await routeAt(tx, routeId, version);
  await refuseUnknownCredential(tx, route);
  const renamed = route.name !== before.name;
  if (renamed) await refuseTakenName(tx, route.name);
  await tx.route.update({ where: { id: routeId }, data: { ...routeColumns(route), version: { increment: 1 } } });
  if (renamed) await followName(tx, before.name, route.name);
  const summary = `${routeWords(route)}${renamed ? `; was "${before.name}"` : ""}`;
  await record(tx, actor, "route.edit", route.name, summary, { id: routeId, before, after: route });
}

/** Takes a route out of the draft. Fails with "in-use" while a policy sends mail over it. */
export async function deleteRoute(tx: Transaction, actor: Actor, { routeId, version }: DeleteRoute): Promise<void> {
  await lockDraft(tx);
  const before = await routeAt(tx, routeId, version);
  const users = routeUsers(await readDraft(tx)).get(before.name) ?? [];
  if (users.length > 0)
    throw stillUsed(
      "route",
      before.name,
      "deleted",
      users.map((policy) => `policy "${policy}"`),
    );
  await tx.route.delete({ where: { id: routeId } });
  await record(tx, actor, "route.delete", before.name, routeWords(before), { id: routeId, before });
}

async function routeAt(tx: Transaction, id: string, version: number): Promise<Route> {
  const row = await tx.route.findUnique({ where: { id } });
  if (row === null || row.version !== version) throw await editConflict(tx, "Route", id, row === null);
  return routeFromRow(row);
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.route.findUnique({ where: { name } })) !== null) throw takenName("route", name);
}

async function refuseUnknownCredential(tx: Transaction, route: Route): Promise<void> {
  const name = route.protocol === "smtp" ? route.credential : undefined;
  if (name === undefined || (await credentialNames(tx)).includes(name)) return;
  throw new PublicError("invalid", `There is no credential "${name}" any more. Choose another, or none.`);
}

/** Policies refer to their first route by its row, to those by recipient domain by name. */
async function followName(tx: Transaction, before: string, after: string): Promise<void> {
  const routesSchema = policySchema.shape.to.shape.routes;
  for (const { id, routes } of await tx.policy.findMany({ select: { id: true, routes: true } })) {
    const known = routesSchema.parse(routes);
    if (!known.some(({ route }) => route === before)) continue;
    const renamed = known.map((one) => (one.route === before ? { ...one, route: after } : one));
    await tx.policy.update({ where: { id }, data: { routes: jsonArrayColumn(renamed), version: { increment: 1 } } });
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
