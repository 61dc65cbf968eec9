import type { Metadata } from "next";
import { MakeToken } from "#components/api-tokens/make-token.tsx";
import { TokenTable } from "#components/api-tokens/token-table.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listTokens } from "#lib/api-tokens/queries.ts";
import { requireSession } from "#lib/auth/session.ts";

export const metadata: Metadata = { title: "API tokens" };

export default async function ApiTokensPage() {
  await requireSession();
  return (
    <>
      <PageHeader title="API tokens" actions={<MakeToken />}>
        What programs speak to this console with: to export, compare, apply and publish policies.
      </PageHeader>
      <TokenTable tokens={await listTokens(new Date())} />
    </>
  );
}
