import type { Metadata } from "next";
import { FindingsOf } from "#components/lint/findings-of.tsx";
import { OpenRoute } from "#components/routes/open-route.tsx";
import { newRoute } from "#components/routes/route-draft.ts";
import { RouteEditor } from "#components/routes/route-editor.tsx";
import { RoutesTable } from "#components/routes/route-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { credentialChoices } from "#lib/credentials/queries.ts";
import { readRoutes } from "#lib/routes/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Routes" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function RoutesPage({ searchParams }: PageProps) {
  await requireSession();
  const search = drawerSearchSchema.parse(await searchParams);
  const now = new Date();
  const [routes, credentials] = await Promise.all([readRoutes(now), credentialChoices()]);
  const protocol = search.new === "pop3" ? "pop3" : "smtp";
  const smtpRoutes = routes.flatMap(({ route }) => (route.protocol === "smtp" ? [route.name] : []));
  return (
    <>
      <PageHeader
        title="Routes"
        actions={
          <>
            <LinkButton href="/routes?new=pop3" scroll={false}>
              Add POP3 route
            </LinkButton>
            <LinkButton href="/routes?new=smtp" variant="primary" scroll={false}>
              Add SMTP route
            </LinkButton>
          </>
        }
      >
        The servers behind: where mail goes that a policy lets through, where mailboxes are, and how they are now.
      </PageHeader>
      <div className="mb-4">
        <FindingsOf kind="route" />
      </div>
      <RoutesTable routes={routes} />
      {search.edit !== undefined && (
        <OpenRoute
          key={search.edit}
          found={routes.find(({ id }) => id === search.edit) ?? null}
          credentials={credentials}
          routes={smtpRoutes}
        />
      )}
      {search.new !== undefined && (
        <RouteEditor
          key={`new ${protocol}`}
          target={{ kind: "new" }}
          initial={newRoute(protocol)}
          credentials={credentials}
          routes={smtpRoutes}
        />
      )}
    </>
  );
}
