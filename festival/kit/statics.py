"""Static files named by their content, modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatics(CompressedManifestStaticFilesStorage):
    """Scripts import each other by hashed names too, so that no browser mixes modules of two releases."""

    support_js_module_import_aggregation = True
