"use client";

import { PageHeader } from "@/components/ui/page-header";
import { ApiKeys } from "./api-keys";
import { DeleteAccount } from "./delete-account";
import { PasswordSection } from "./password-section";
import { Presets } from "./presets";
import { ProfileSection } from "./profile-section";
import { SectionNav } from "./section-nav";
import { Webhooks } from "./webhooks";

/** The settings of an account, in sections with anchors (`#webhooks`). */
export function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-8 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <SectionNav />
        <div className="flex min-w-0 max-w-3xl flex-col gap-6">
          <ProfileSection />
          <PasswordSection />
          <ApiKeys />
          <Webhooks />
          <Presets />
          <DeleteAccount />
        </div>
      </div>
    </>
  );
}
