import { permissionsOfRole, type Role } from "#core/contract/role.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Asker } from "#lib/auth/permissions.ts";
import type { Transaction } from "#lib/db.ts";
import { setting } from "#lib/env.ts";
import { PublicError } from "#lib/errors.ts";
import { createPersonLink } from "#lib/setup/mutations.ts";
import type { NewPerson, PersonChange, PersonRef } from "./person-input.ts";

/** Makes an account without a password; the value has the one-time link with which its person chooses one, in clear this once. */
export async function addPerson(
  tx: Transaction,
  actor: Actor,
  { name, email, ...may }: NewPerson,
): Promise<{ link: string }> {
  await lockPeople(tx);
  if ((await tx.user.count({ where: { email } })) > 0) {
    const message = "Nobody was added: somebody has an account with this e-mail address. Look for it in the list.";
    throw new PublicError("NAME_TAKEN", message, { fields: { email: [message] } });
  }
  const after = { name, email, ...granted(may) };
  const { id } = await tx.user.create({ data: after });
  await appendAudit(tx, actor, {
    action: "user.add",
    object: email,
    summary: `${actor.name} added ${name} as ${roleWords(may)}.`,
    detail: { after },
  });
  return { link: await createPersonLink(tx, { userId: id, baseUrl: setting("NEXTAUTH_URL") }, new Date()) };
}

/** Changes what somebody may, in sessions that go on too. Fails with LAST_ADMINISTRATOR when nobody would be left who can manage people. */
export async function changePerson(tx: Transaction, actor: Actor, change: PersonChange): Promise<void> {
  await lockPeople(tx);
  const before = await findPerson(tx, change);
  const after = granted(change);
  await tx.user.update({ where: { id: before.id }, data: after });
  await demandAdministrator(tx);
  await appendAudit(tx, actor, {
    action: "user.change",
    object: before.email,
    summary: `${actor.name} made ${before.name} ${roleWords(after)}.`,
    detail: { before: { role: before.role, permissions: before.permissions }, after },
  });
}

/** A new one-time link for somebody who has not used theirs, or has lost the password. The one they have stays good until they choose another. */
export async function renewLink(tx: Transaction, actor: Actor, ref: PersonRef): Promise<{ link: string }> {
  const { id, name, email } = await findPerson(tx, ref);
  const summary = `${actor.name} made a link with which ${name} chooses a password.`;
  await appendAudit(tx, actor, { action: "user.link", object: email, summary });
  return { link: await createPersonLink(tx, { userId: id, baseUrl: setting("NEXTAUTH_URL") }, new Date()) };
}

/** Signs somebody out everywhere. */
export async function endSessions(tx: Transaction, actor: Actor, ref: PersonRef): Promise<{ ended: number }> {
  const { id, name, email } = await findPerson(tx, ref);
  const { count } = await tx.session.deleteMany({ where: { userId: id } });
  await tx.openEditor.deleteMany({ where: { userId: id } });
  const words = count === 1 ? "1 session" : `${count} sessions`;
  const draft = { action: "session.end", object: email, summary: `${actor.name} ended ${words} of ${name}.` };
  await appendAudit(tx, actor, draft);
  return { ended: count };
}

/**
 * Takes the account away, with its sessions and links, and revokes the tokens that its person made. Fails with OWN_ACCOUNT for one's own, and with
 * "last-administrator" as changePerson. What they did stays in the log under their name.
 */
export async function removePerson(tx: Transaction, actor: Actor, ref: PersonRef, { userId }: Asker): Promise<void> {
  await lockPeople(tx);
  const { id, name, email, role, permissions } = await findPerson(tx, ref);
  if (id === userId)
    throw new PublicError(
      "OWN_ACCOUNT",
      "Nobody was removed: your own account is not removed by yourself. Another administrator can remove it.",
    );
  const mine = { makerId: id, revokedAt: null };
  const tokens = await tx.apiToken.findMany({ where: mine, select: { name: true } });
  await tx.apiToken.updateMany({ where: mine, data: { revokedAt: new Date() } });
  await tx.openEditor.deleteMany({ where: { userId: id } });
  await tx.user.delete({ where: { id } });
  await demandAdministrator(tx);
  const tokensRevoked = tokens.map((token) => token.name);
  await appendAudit(tx, actor, {
    action: "user.remove",
    object: email,
    summary: `${actor.name} removed ${name}.`,
    detail: { before: { name, email, role, permissions }, tokensRevoked },
  });
}

/** Changes of people go one after the other: two who demote each other at the same time must not both succeed. */
async function lockPeople(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postern.people'))`;
}

async function findPerson(tx: Transaction, { userId }: PersonRef) {
  const found = await tx.user.findUnique({ where: { id: userId } });
  if (found === null)
    throw new PublicError("NOT_FOUND", "Nothing was done: this person was removed meanwhile. Load the page again.");
  return found;
}

/** Somebody who can sign in must be left who manages people. */
async function demandAdministrator(tx: Transaction): Promise<void> {
  const role: Role = "administrator";
  if ((await tx.user.count({ where: { role, passwordHash: { not: null } } })) > 0) return;
  const words = "Nothing was changed: this is the last administrator who can sign in. Make somebody else one first.";
  throw new PublicError("LAST_ADMINISTRATOR", words);
}

/** What a role has already is not granted besides: another role later takes it away again. */
function granted({ role, permissions }: Pick<PersonChange, "role" | "permissions">) {
  return { role, permissions: permissions.filter((permission) => !permissionsOfRole[role].includes(permission)) };
}

function roleWords(may: Pick<PersonChange, "role" | "permissions">): string {
  const { role, permissions } = granted(may);
  return permissions.length === 0 ? role : `${role} and granted ${permissions.join(", ")} besides`;
}
