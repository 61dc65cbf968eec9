import { createHash, randomBytes } from "node:crypto";
import { appendAudit } from "#lib/audit/mutations.ts";
import { hashPassword } from "#lib/auth/password.ts";
import { permissionSchema } from "#lib/auth/permissions.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import type { FirstAdministrator } from "./first-administrator.ts";

const tokenBytes = 32;
export const setupLinkMinutes = 30;

/** Makes the one-time link for the first administrator; an older one that was not used ends. Null when somebody has an account. */
export async function createSetupLink(tx: Transaction, baseUrl: string, now = new Date()): Promise<string | null> {
  if ((await tx.user.count()) > 0) return null;
  const token = randomBytes(tokenBytes).toString("base64url");
  const expiresAt = new Date(now.getTime() + setupLinkMinutes * 60_000);
  await tx.setupToken.deleteMany({ where: { usedAt: null } });
  await tx.setupToken.create({ data: { tokenHash: setupTokenHash(token), expiresAt } });
  const link = new URL("/setup", baseUrl);
  link.searchParams.set("token", token);
  return link.href;
}

/** Only this is kept of a setup token. */
export function setupTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Uses the setup link up and makes the first administrator; refused when the link is not good or somebody has an account. */
export async function createFirstAdministrator(
  { token, name, email, password }: FirstAdministrator,
  address: string | null,
  now: Date,
): Promise<void> {
  // Looked at before the costly hash, so that nobody without a link can make the console work; decided again below.
  const link = await transaction((tx) => tx.setupToken.findUnique({ where: { tokenHash: setupTokenHash(token) } }));
  if (link === null || link.usedAt !== null || link.expiresAt <= now) throw unusableLink();
  const passwordHash = await hashPassword(password);
  await transaction((tx) => useLink(tx, { token, name, email, passwordHash }, address, now));
}

function unusableLink(): PublicError {
  return new PublicError("setup-link", "This setup link cannot be used any more. Restart Postern to get a new one.");
}

type NewAdministrator = Omit<FirstAdministrator, "password"> & { passwordHash: string };

async function useLink(
  tx: Transaction,
  { token, name, email, passwordHash }: NewAdministrator,
  address: string | null,
  now: Date,
): Promise<void> {
  const tokenHash = setupTokenHash(token);
  // The row lock makes two uses at the same time take turns; the second finds the link used.
  const { count } = await tx.setupToken.updateMany({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count === 0 || (await tx.user.count()) > 0) {
    throw unusableLink();
  }
  await tx.user.create({ data: { name, email, passwordHash, permissions: permissionSchema.options } });
  const summary = `${name} became the first administrator.`;
  await appendAudit(
    tx,
    { name, address },
    { action: "user.add", object: email, summary, detail: { after: { name, email } } },
  );
}
