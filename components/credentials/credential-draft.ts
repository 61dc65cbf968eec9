import { type ReadForm, readForm } from "#components/ui/read-form.ts";
import {
  type Credential,
  type CredentialChange,
  credentialChangeSchema,
  credentialSchema,
} from "#core/contract/credential.ts";
import type { CredentialView } from "#lib/credentials/queries.ts";

/** A secret as the form holds it; null: the one that is kept stays. It is never sent to the browser. */
export type SecretDraft = string | null;

/** A credential as its editor holds it. */
export type CredentialDraft = {
  kind: Credential["kind"];
  name: string;
  user: string;
  /** What mail programs say to a bridge in its place; empty: none. */
  clientPassword: SecretDraft;
  password: SecretDraft;
  tokenUrl: string;
  clientId: string;
  clientSecret: SecretDraft;
  refreshToken: SecretDraft;
  scope: string;
};

export const newCredential: CredentialDraft = {
  kind: "password",
  name: "",
  user: "",
  clientPassword: "",
  password: "",
  tokenUrl: "",
  clientId: "",
  clientSecret: "",
  refreshToken: "",
  scope: "",
};

/** A credential as the editor shows it; one that cannot be opened must be entered again. */
export function credentialDraftOf({ name, kind, user, details }: CredentialView): CredentialDraft {
  if (details === null) return { ...newCredential, name, kind, user };
  const clientPassword = details.hasClientPassword ? null : "";
  const kept = { ...newCredential, name, user, kind: details.kind, clientPassword };
  if (details.kind === "password") return { ...kept, password: null };
  const { tokenUrl, clientId, scope } = details;
  return { ...kept, tokenUrl, clientId, scope, clientSecret: null, refreshToken: null };
}

/** A whole credential of the fields, or what is wrong with which of them. */
export function readNewCredential(draft: CredentialDraft): ReadForm<Credential> {
  const { clientPassword, ...rest } = inputOf(draft);
  return readForm(credentialSchema, { ...rest, clientPassword: clientPassword || undefined });
}

/** The change of the fields: kept secrets are absent, an empty password for mail programs takes away what there was. */
export function readCredentialChange(draft: CredentialDraft): ReadForm<CredentialChange> {
  return readForm(credentialChangeSchema, inputOf(draft));
}

function inputOf({
  kind,
  name,
  user,
  clientPassword,
  password,
  tokenUrl,
  clientId,
  clientSecret,
  refreshToken,
  scope,
}: CredentialDraft) {
  const shared = { kind, name: name.trim(), user: user.trim(), clientPassword: clientPassword ?? undefined };
  if (kind === "password") return { ...shared, password: password ?? undefined };
  return {
    ...shared,
    tokenUrl: tokenUrl.trim(),
    clientId: clientId.trim(),
    clientSecret: clientSecret ?? undefined,
    refreshToken: refreshToken?.trim() ?? undefined,
    scope: scope.trim(),
  };
}
