import type { Permission } from "#core/contract/permission.ts";
import type { Role } from "#core/contract/role.ts";

/** What a role is for, in words. */
export const roleHelp: Record<Role, string> = {
  viewer: "Sees every page and changes nothing.",
  analyst: "Sees every page, and looks into messages that are kept; each look is in the audit log.",
  "quarantine-operator": "Looks into messages that are kept, releases them and deletes them.",
  editor: "Changes the draft of the policy; what is live is decided by others.",
  publisher: "Changes the draft and decides what is live; commands the queue, connections and workers.",
  administrator: "May everything, people included.",
};

/** What a permission allows, in words. */
export const permissionWords: Record<Permission, string> = {
  edit: "change the draft",
  publish: "publish, keep and roll back",
  "publish-failing": "publish though policy tests fail",
  "set-policy-source": "say where the policy is kept",
  operate: "command the queue, connections, blocked sources and workers",
  "read-mail": "look into messages that are kept",
  "handle-quarantine": "release and delete in quarantine",
  "release-malware": "release what malware was found in",
  "manage-secrets": "change credentials and signing keys",
  "make-tokens": "make and revoke API tokens",
  "manage-people": "add, change and remove people",
};
