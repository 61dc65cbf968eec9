import type { Metadata } from "next";
import { NewSigningKey } from "#components/signing-keys/signing-key-editor.tsx";
import { SigningKeyTable } from "#components/signing-keys/signing-key-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readSigningKeys } from "#lib/signing-keys/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Signing keys" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SigningKeysPage({ searchParams }: PageProps) {
  await requireSession();
  const search = drawerSearchSchema.parse(await searchParams);
  const keys = await readSigningKeys(new Date());
  return (
    <PermissionGate permission="manage-secrets" what="Changing signing keys">
      <PageHeader
        title="Signing keys"
        actions={
          <LinkButton href="/signing-keys?new=1" variant="primary" scroll={false}>
            Make signing key
          </LinkButton>
        }
      >
        What signs for your domains (DKIM), and seals messages that we change (ARC). The private halves are kept sealed
        and given to the workers; they are never shown.
      </PageHeader>
      <SigningKeyTable keys={keys} />
      {search.new !== undefined && <NewSigningKey key="new" />}
    </PermissionGate>
  );
}
