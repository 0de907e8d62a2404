"""Sets the admin site. It is separate from the site, which needs loaded models."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "image_processing_service.admin.site.AdminSite"
