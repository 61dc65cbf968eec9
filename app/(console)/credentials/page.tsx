import type { Metadata } from "next";
import { newCredential } from "#components/credentials/credential-draft.ts";
import { CredentialEditor } from "#components/credentials/credential-editor.tsx";
import { CredentialTable } from "#components/credentials/credential-table.tsx";
import { GiveAgain } from "#components/credentials/give-again.tsx";
import { OpenCredential } from "#components/credentials/open-credential.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readCredentials } from "#lib/credentials/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Credentials" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CredentialsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = drawerSearchSchema.parse(await searchParams);
  const { credentials, others } = await readCredentials(new Date());
  const lacking = credentials.some(({ workers }) => workers.some(({ heard, has }) => heard && !has));
  return (
    <PermissionGate permission="manage-secrets" what="Changing credentials">
      <PageHeader
        title="Credentials"
        actions={
          <>
            {lacking && <GiveAgain />}
            <LinkButton href="/credentials?new=1" variant="primary" scroll={false}>
              Add credential
            </LinkButton>
          </>
        }
      >
        What routes log in to other servers with. Secrets are kept sealed, are never shown again, and are in no
        revision; a change is in force as soon as it is saved.
      </PageHeader>
      <CredentialTable credentials={credentials} />
      {others.length > 0 && (
        <p className="mt-2 text-muted">
          From their own configuration, workers also have:{" "}
          {others.map(({ name, workers }) => `${name} (${workers.join(", ")})`).join("; ")}.
        </p>
      )}
      {search.edit !== undefined && (
        <OpenCredential key={search.edit} found={credentials.find(({ id }) => id === search.edit) ?? null} />
      )}
      {search.new !== undefined && <CredentialEditor key="new" target={{ kind: "new" }} initial={newCredential} />}
    </PermissionGate>
  );
}
