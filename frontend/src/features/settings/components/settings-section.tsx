import type { ReactNode } from "react";
import { Section } from "@/components/ui/card";
import { SECTIONS, type SectionId } from "./sections";

interface SettingsSectionProps {
  id: SectionId;
  description: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A section with an anchor that the sticky header does not cover. */
export function SettingsSection({ id, ...props }: SettingsSectionProps) {
  const title = SECTIONS.find((one) => one.id === id)?.title;
  return <Section id={id} title={title} className="scroll-mt-20" {...props} />;
}
