import { useChangeProfile } from "@/api/account/mutations";
import { Button } from "@/components/ui/button";
import { toastError } from "@/lib/errors/toast-error";
import { toast } from "@/lib/toast";
import { useConfig } from "@/lib/use-config";

/** The address that waits for its confirmation, and the way to cancel the change. */
export function PendingEmail({ email, present }: { email: string; present: string }) {
  const { mailFolder } = useConfig();
  const { mutate: changeProfile, isPending } = useChangeProfile();
  const cancel = () =>
    changeProfile(
      { email: present },
      {
        onSuccess: () => toast.success("Your address stays as it is"),
        onError: (error) => toastError(error, "The change was not cancelled"),
      },
    );
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm sm:col-span-2">
      <p role="status">
        Waiting for confirmation of <strong className="break-all font-medium">{email}</strong>.{" "}
        {mailFolder === null
          ? "Open the link in the mail to this address."
          : `Open the link in the newest file in ${mailFolder}.`}
      </p>
      <Button type="button" variant="secondary" size="sm" busy={isPending} onClick={cancel}>
        Cancel the change
      </Button>
    </div>
  );
}
