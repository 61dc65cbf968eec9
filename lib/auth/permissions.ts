import { z } from "zod";

/** What not everyone who is signed in may do. release-malware: let out of quarantine what malware was found in. publish-failing: publish though policy tests fail. */
const permissionSchema = z.enum(["release-malware", "publish-failing"]);
export type Permission = z.infer<typeof permissionSchema>;

/** Those of a row that this version knows. */
export function readPermissions(stored: readonly string[]): Permission[] {
  return stored.flatMap((text) => permissionSchema.safeParse(text).data ?? []);
}
