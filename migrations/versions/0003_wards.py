"""The wards of Dĩ An in both vintages

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# (vintage, code, name, latitude, longitude, what it became in 2025). Codes were re-used for other areas in 2025.
WARDS = (
    (2021, "25942", "Dĩ An", 10.896464, 106.752820, "Dĩ An"),
    (2021, "25945", "Tân Bình", 10.942212, 106.755337, "Tân Đông Hiệp"),
    (2021, "25948", "Tân Đông Hiệp", 10.917292, 106.768590, "Tân Đông Hiệp"),
    (2021, "25951", "Bình An", 10.907893, 106.798625, "Đông Hòa"),
    (2021, "25954", "Bình Thắng", 10.897751, 106.813166, "Đông Hòa"),
    (2021, "25957", "Đông Hòa", 10.890683, 106.784635, "Đông Hòa"),
    (2021, "25960", "An Bình", 10.872254, 106.755119, "Dĩ An"),
    (2025, "25942", "Dĩ An", 10.9034, 106.759, None),
    (2025, "25945", "Tân Đông Hiệp", 10.9304, 106.774, None),
    (2025, "25951", "Đông Hòa", 10.8935, 106.800, None),
)


def upgrade() -> None:
    wards = sa.table(
        "wards",
        sa.column("vintage", sa.Integer),
        sa.column("code", sa.String),
        sa.column("name", sa.String),
        sa.column("lat", sa.Float),
        sa.column("lon", sa.Float),
        sa.column("becomes", sa.String),
    )
    names = ("vintage", "code", "name", "lat", "lon", "becomes")
    op.bulk_insert(wards, [dict(zip(names, ward, strict=True)) for ward in WARDS])


def downgrade() -> None:
    op.execute("DELETE FROM wards")
