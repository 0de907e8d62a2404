"""Makes Django's admin use our site (apart from the site: models are not loaded yet here)."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "image_processing_service.admin.site.AdminSite"
