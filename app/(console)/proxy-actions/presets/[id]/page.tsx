import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PresetView } from "#components/proxy-actions/preset-view.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { presets } from "#core/policy/presets/presets.ts";
import { requireSession } from "#lib/auth/session.ts";

export const metadata: Metadata = { title: "Preset" };

export default async function PresetPage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const { id } = await params;
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) notFound();
  return (
    <>
      <PageHeader
        title={preset.title}
        actions={
          <>
            <LinkButton href="/proxy-actions">All proxy actions</LinkButton>
            <LinkButton href={`/proxy-actions?preset=${preset.id}`} variant="primary">
              Clone
            </LinkButton>
          </>
        }
      >
        {preset.what} It cannot be edited; a clone can.
      </PageHeader>
      <PresetView preset={preset} />
    </>
  );
}
