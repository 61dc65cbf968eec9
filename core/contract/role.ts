import { z } from "zod";
import { type Permission, permissionSchema } from "./permission.ts";

/** What people are to the console. Everybody sees every page; what a role may change is its row of the table below. */
export const roleSchema = z.enum(["viewer", "analyst", "quarantine-operator", "editor", "publisher", "administrator"]);
export type Role = z.infer<typeof roleSchema>;

/** The permissions that each role comes with. */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: [],
  analyst: ["read-mail"],
  "quarantine-operator": ["read-mail", "handle-quarantine"],
  editor: ["edit"],
  publisher: ["edit", "publish", "operate"],
  administrator: permissionSchema.options,
};

/** What can be granted besides a role. Who may manage people could take every role: that is an administrator, and nothing less. */
export const grantableSchema = permissionSchema.exclude(["manage-people"]);
export type Grantable = z.infer<typeof grantableSchema>;

/** What somebody may: their role's permissions and those granted besides. What this version does not know of a row grants nothing. */
export function permissionsOf(row: { role: string; permissions: readonly string[] }): Permission[] {
  const all = new Set<string>([...permissionsOfRole[readRole(row.role)], ...readGranted(row.permissions)]);
  return permissionSchema.options.filter((permission) => all.has(permission));
}

export function readRole(stored: string): Role {
  return roleSchema.catch("viewer").parse(stored);
}

/** Those of a row that this version knows. */
export function readGranted(stored: readonly string[]): Grantable[] {
  return stored.flatMap((text) => grantableSchema.safeParse(text).data ?? []);
}
