"use client";
import { ChoiceField, FormSection, NameField, TextField } from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { credentialSchema } from "#core/contract/credential.ts";
import type { CredentialDraft } from "./credential-draft.ts";
import { kindWords } from "./credential-kinds.ts";
import { SecretField } from "./secret-field.tsx";

type CredentialFieldsProps = {
  draft: CredentialDraft;
  /** Routes name it, so its name cannot change now. */
  used: boolean;
  problems: FormProblems;
  onChange: (change: Partial<CredentialDraft>) => void;
};

const kindHelp = {
  password: "For PLAIN, LOGIN, CRAM-MD5 and SCRAM: the strongest that the server offers is used.",
  oauth2: "For XOAUTH2 and OAUTHBEARER: access tokens are fetched with the refresh token (RFC 6749 §6).",
} as const;
const kinds = credentialSchema.options.map(({ shape }) => shape.kind.value);

/** Name, kind, user and secret. */
export function CredentialFields({ draft, used, problems, onChange }: CredentialFieldsProps) {
  return (
    <>
      <NameField
        help={used ? "Routes use it by this name, so it cannot change now." : "Routes choose it by this name."}
        value={draft.name}
        readOnly={used}
        problem={problemAt(problems, "name")}
        onChange={(name) => onChange({ name })}
      />
      <ChoiceField
        label="Kind"
        help={kindHelp[draft.kind]}
        value={draft.kind}
        choices={kinds.map((value) => ({ value, words: kindWords[value] }))}
        problem={problemAt(problems, "kind")}
        onChange={(value) => onChange({ kind: kinds.find((kind) => kind === value) ?? draft.kind })}
      />
      <TextField
        label="User"
        help="As the server knows it, often an e-mail address."
        autoComplete="off"
        value={draft.user}
        problem={problemAt(problems, "user")}
        onChange={(user) => onChange({ user })}
      />
      {draft.kind === "password" ? (
        <SecretField
          label="Password"
          help="Kept sealed; nobody can read it here again."
          value={draft.password}
          problem={problemAt(problems, "password")}
          onChange={(password) => onChange({ password })}
        />
      ) : (
        <TokenFields draft={draft} problems={problems} onChange={onChange} />
      )}
      <BridgeSection draft={draft} problems={problems} onChange={onChange} />
    </>
  );
}

function BridgeSection({ draft, problems, onChange }: Omit<CredentialFieldsProps, "used">) {
  return (
    <FormSection
      title="POP3 bridge"
      help="For mail programs that know no more than user and password, where the server wants something else, a token for example: they log in to us as this user with a password that holds only here, and we log in to the server with the credential. A POP3 route names the credentials that it does so for."
    >
      <SecretField
        label="Password for mail programs (optional)"
        help="Empty: nobody logs in with this credential. Take one that is not the server's."
        emptied="Empty: taken away when it is saved."
        value={draft.clientPassword}
        problem={problemAt(problems, "clientPassword")}
        onChange={(clientPassword) => onChange({ clientPassword })}
      />
    </FormSection>
  );
}

function TokenFields({ draft, problems, onChange }: Omit<CredentialFieldsProps, "used">) {
  return (
    <>
      <TextField
        label="Token address"
        help="Where the authorization server gives access tokens."
        className="font-mono"
        placeholder="https://login.example.org/oauth2/token"
        value={draft.tokenUrl}
        problem={problemAt(problems, "tokenUrl")}
        onChange={(tokenUrl) => onChange({ tokenUrl })}
      />
      <TextField
        label="Client id"
        help="Of the application that is registered there."
        className="font-mono"
        value={draft.clientId}
        problem={problemAt(problems, "clientId")}
        onChange={(clientId) => onChange({ clientId })}
      />
      <SecretField
        label="Client secret (optional)"
        help="Empty: the application has none."
        value={draft.clientSecret}
        problem={problemAt(problems, "clientSecret")}
        onChange={(clientSecret) => onChange({ clientSecret })}
      />
      <SecretField
        label="Refresh token"
        help="Kept sealed; nobody can read it here again."
        value={draft.refreshToken}
        problem={problemAt(problems, "refreshToken")}
        onChange={(refreshToken) => onChange({ refreshToken })}
      />
      <TextField
        label="Scope (optional)"
        help="What is asked for, for example https://outlook.office.com/SMTP.Send offline_access, or …/POP.AccessAsUser.All for POP3. Empty: what the refresh token was given for."
        className="font-mono"
        value={draft.scope}
        problem={problemAt(problems, "scope")}
        onChange={(scope) => onChange({ scope })}
      />
    </>
  );
}
