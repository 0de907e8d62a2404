"use client";

import { useImportImage } from "@/api/images/mutations";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Input } from "@/components/ui/input";
import { webAddress } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";

const schema = z.object({ url: webAddress });

/** A dialog for the address of a picture that the server is to fetch. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { mutateAsync: importImage } = useImportImage();
  const form = useForm(schema, { url: "" }, async ({ url }) => {
    await importImage(url);
    onClose();
    toast.success("Import started", { description: "The picture appears in the gallery." });
  });
  return (
    <FormDialog
      form={form}
      title="Import from the web"
      description="The server downloads the picture and checks it like an upload."
      submit="Import"
      onClose={onClose}
    >
      <Field label="Address of the picture" {...form.field("url")}>
        <Input type="url" placeholder="https://example.com/photo.jpg" autoComplete="off" />
      </Field>
    </FormDialog>
  );
}
