import type { Metadata } from "next";
import { AddPerson } from "#components/people/add-person.tsx";
import { OpenPerson } from "#components/people/open-person.tsx";
import { PeopleTable } from "#components/people/people-table.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { listPeople } from "#lib/people/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "People" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PeoplePage({ searchParams }: PageProps) {
  const { userId } = await requireSession();
  const { edit } = drawerSearchSchema.parse(await searchParams);
  const people = await listPeople(new Date());
  return (
    <>
      <PageHeader title="People" actions={<AddPerson />}>
        Who signs in to this console, and what each may.
      </PageHeader>
      <PeopleTable people={people} ownId={userId} />
      {edit !== undefined && (
        <OpenPerson key={edit} person={people.find(({ id }) => id === edit) ?? null} isOwn={edit === userId} />
      )}
    </>
  );
}
