import { z } from "zod";

/** What not everyone who is signed in may do. release-malware: let out of quarantine what malware was found in. */
const permissionSchema = z.enum(["release-malware"]);
export type Permission = z.infer<typeof permissionSchema>;

/** Those of a row that this version knows. */
export function readPermissions(stored: readonly string[]): Permission[] {
  return stored.flatMap((text) => permissionSchema.safeParse(text).data ?? []);
}
