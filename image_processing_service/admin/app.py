"""Select the admin site. The site itself is another module, because it needs loaded models."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "image_processing_service.admin.site.AdminSite"
