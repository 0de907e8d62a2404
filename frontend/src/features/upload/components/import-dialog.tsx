"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useImportImage } from "@/api/images/mutations";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showProblem } from "@/lib/forms/show-problem";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";

const schema = z.object({
  url: z.url({
    protocol: /^https?$/,
    error: "Enter an address that begins with https:// or http://.",
  }),
});

interface ImportDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** A dialog for the address of a picture that the server is to fetch. */
export function ImportDialog({ open, onOpenChange }: ImportDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && <ImportForm close={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function ImportForm({ close }: { close: () => void }) {
  const { mutateAsync } = useImportImage();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { url: "" } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ url }) => {
    try {
      await mutateAsync(url);
      close();
      toast.success("Import started", { description: "The picture appears in the gallery." });
    } catch (error) {
      showProblem(error, form.setError, ["url"]);
    }
  });
  return (
    <DialogContent
      title="Import from the web"
      description="The server fetches the picture and checks it like an upload."
      footer={
        <>
          <DialogClose asChild>
            <Button variant="secondary">Cancel</Button>
          </DialogClose>
          <Button type="submit" form="import-form" busy={isSubmitting}>
            Import
          </Button>
        </>
      }
    >
      <form id="import-form" onSubmit={submit} noValidate className="space-y-4 pt-1">
        <Field label="Address of the picture" error={errors.url?.message}>
          <Input
            type="url"
            placeholder="https://example.com/photo.jpg"
            autoComplete="off"
            {...form.register("url")}
          />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
      </form>
    </DialogContent>
  );
}
