import type { TokenScope } from "#core/contract/api-token.ts";

/** What a scope allows, in words. */
export const scopeWords: Record<TokenScope, string> = {
  "policy:read": "read the draft and every revision",
  "policy:apply": "replace the draft",
  "policy:publish": "publish what it applies",
};
