# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service says about a bucket is told with the option, its value and what to do."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.bucket_errors import explain


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("NoSuchBucket", "bucket: 'fotos' does not exist at the service. Create it there, or correct the name"),
        ("InvalidBucketName", "bucket: 'fotos' is not a name that the service takes"),
        ("AccessDenied", "bucket: the keys of the credential may not see 'fotos'. Allow them"),
        ("403", "bucket: the keys of the credential may not see 'fotos'. Allow them"),
        ("InvalidAccessKeyId", "the service does not accept the keys of the credential. Correct access_key_id"),
        ("SignatureDoesNotMatch", "the service does not accept the keys of the credential. Correct access_key_id"),
        ("PermanentRedirect", "bucket: 'fotos' is in another region. Give its region"),
        ("SlowDown", "bucket: the service does not tell the region of 'fotos'"),
    ],
)
def test_each_answer(code, told):
    reason = f"An error occurred ({code}) when calling the GetBucketLocation operation: words of the service"
    found = explain(reason, "fotos")
    assert found is not None
    assert found.startswith(told)
    assert found.endswith(f"The service said: {code} (GetBucketLocation)")


def test_another_error_is_not_explained():
    assert explain("[EFAULT] something else", "fotos") is None
