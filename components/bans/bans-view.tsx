import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { BanList } from "#lib/bans/queries.ts";
import { BanButton } from "./ban-button.tsx";
import { BanTable } from "./ban-table.tsx";

/** The sources that workers refuse for a while. */
export function BansView({ list: { rows, unnamed, workers, silent } }: { list: BanList }) {
  return (
    <>
      <PageHeader title="Blocked sources" actions={<BanButton disabled={workers === 0} />}>
        Addresses whose connections are refused until their time is over. Rules with the action block put them here,
        limits of a proxy action that bans by itself, and people. Commands are carried out by the worker; the list
        follows its report.
      </PageHeader>
      {silent.map(({ name, lastSeenAt }) => (
        <div key={name} className="mb-4">
          <Notice kind="fault">
            Worker {name} is not heard; what it refuses is shown as it last reported it
            {lastSeenAt && (
              <>
                , <Time at={lastSeenAt} form="relative" />
              </>
            )}
            . <TextLink href="/workers">Workers</TextLink>
          </Notice>
        </div>
      ))}
      {rows.length > 0 ? <BanTable rows={rows} /> : <NothingBlocked />}
      {unnamed > 0 && <p className="mt-2 text-muted">And {unnamed} more, which end later than these.</p>}
    </>
  );
}

function NothingBlocked() {
  return (
    <EmptyState title="No source is blocked">
      A source comes here when a rule with the action block matches, when it passes a limit that the proxy action
      answers with a ban, or when somebody blocks it. It is taken again by itself when its time is over.
    </EmptyState>
  );
}
