import { z } from "zod";

/**
 * What not everyone who is signed in may do. edit: change the draft. publish: decide what is live, by publishing, keeping, widening, taking back or
 * rolling back. publish-failing: publish though policy tests fail. set-policy-source: say that the policy is kept in a repository, or here. operate:
 * command the queue, connections, blocked sources and workers. read-mail: look into messages that are kept. handle-quarantine: release and delete.
 * release-malware: release what malware was found in. manage-secrets: credentials and signing keys. make-tokens: make and revoke tokens for the API.
 * manage-people: accounts, roles and what is granted besides.
 */
export const permissionSchema = z.enum([
  "edit",
  "publish",
  "publish-failing",
  "set-policy-source",
  "operate",
  "read-mail",
  "handle-quarantine",
  "release-malware",
  "manage-secrets",
  "make-tokens",
  "manage-people",
]);
export type Permission = z.infer<typeof permissionSchema>;

/** What a person is told who does not have it; `what` it is that they would do. */
export function lackingWords(permission: Permission, what = "This"): string {
  return `${what} takes the permission ${permission}, which you do not have.`;
}
